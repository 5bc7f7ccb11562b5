// Keeps what is typed at a stop in this browser until the portal has it. Without it the form works as any other.
(() => {
  const BEGIN = "field:";
  const form = document.querySelector("form[data-keep]");
  const keys = () => Object.keys(localStorage).filter((key) => key.startsWith(BEGIN));
  const read = (key) => {
    try {
      return JSON.parse(localStorage.getItem(key)) || {};
    } catch {
      return {};
    }
  };
  // What the portal has is kept here no longer, also where its answer never came.
  for (const box of document.querySelectorAll("[data-stored]")) {
    const stored = box.dataset.stored.split(" ");
    for (const key of keys()) if (stored.includes(read(key).nonce)) localStorage.removeItem(key);
  }
  if (!form) return;
  // Somebody else's words are not for whoever signs in after them.
  const mine = form.dataset.keep.split(":").slice(0, 2).join(":") + ":";
  for (const key of keys()) if (!key.startsWith(mine)) localStorage.removeItem(key);

  const line = form.querySelector("[data-keep-line]");
  const boxes = () => [...form.elements].filter(
    (box) => box.name && box.name !== "csrfmiddlewaretoken" && box.type !== "file" && box.type !== "submit",
  );
  const keep = () => {
    const said = {};
    for (const box of boxes()) if (box.type !== "radio" || box.checked) said[box.name] = box.value;
    try {
      localStorage.setItem(form.dataset.keep, JSON.stringify(said));
      line.textContent = form.dataset.kept;
    } catch {
      // No room: the words are still on the page.
    }
  };
  const kept = read(form.dataset.keep);
  const refused = form.querySelector("[aria-invalid], .error-summary") !== null;
  if (kept.nonce && !refused) {
    for (const box of boxes()) {
      if (!(box.name in kept)) continue;
      if (box.type === "radio") box.checked = box.value === kept[box.name];
      else box.value = kept[box.name];
    }
    line.textContent = form.dataset.back;
  }
  form.addEventListener("input", keep);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    keep();
    const button = form.querySelector("button[type=submit]");
    button.disabled = true;
    try {
      await fetch(location.pathname, { method: "HEAD", cache: "no-store", redirect: "manual" });
      form.submit();
    } catch {
      line.textContent = form.dataset.dead;
      button.disabled = false;
    }
  });
})();
