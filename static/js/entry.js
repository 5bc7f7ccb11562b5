// Keys for whoever enters slips: a level is one key and moves on, an error gets the cursor. Everything works without it.
for (const form of document.querySelectorAll("form[data-slip]")) {
  const level = form.elements.level;
  const codes = [...document.querySelectorAll(".codes [data-level]")];
  const show = () => {
    const chosen = codes.some((line) => line.dataset.level === level.value);
    for (const line of codes) line.hidden = chosen && line.dataset.level !== level.value;
  };
  level.addEventListener("input", () => {
    show();
    if (/^[1-5]$/.test(level.value)) form.elements.matter.focus();
  });
  level.addEventListener("focus", () => level.select());
  show();
  if ("wrong" in form.dataset) form.querySelector("[aria-invalid]")?.focus();
}
