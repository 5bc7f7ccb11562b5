// Says every half minute that this case is open here, and shows who else has it open.
for (const form of document.querySelectorAll("form[data-presence]")) {
  const line = document.querySelector("[data-presence-line]");
  const tell = async () => {
    if (document.hidden) return;
    try {
      const answer = await fetch(form.dataset.presence, { method: "POST", body: new FormData(form), redirect: "error" });
      if (answer.ok) {
        const words = (await answer.json()).line;
        if (line.textContent !== words) line.textContent = words;
      }
    } catch {
      // The line is a courtesy; the next half minute tries again.
    }
  };
  tell();
  setInterval(tell, 30000);
}
