// Keeps what is typed every 20 seconds and when the page is left. Without it there is a button for that.
for (const form of document.querySelectorAll("form[data-draft]")) {
  const line = form.querySelector("[data-draft-line]");
  const typed = () => {
    const answers = new FormData(form);
    for (const box of form.querySelectorAll("input[type=file]")) answers.delete(box.name);
    return answers;
  };
  const flat = (answers) => new URLSearchParams(answers).toString();
  let kept = flat(typed());
  let sent = false;
  const keep = async () => {
    const answers = typed();
    const now = flat(answers);
    if (sent || now === kept) return;
    try {
      const answer = await fetch(form.dataset.draft, {
        method: "POST", body: answers, keepalive: true, redirect: "error", headers: { Accept: "application/json" },
      });
      if (!answer.ok) return;
      kept = now;
      line.textContent = (await answer.json()).line;
    } catch {
      // Nothing is lost: the words are still on the page, and the next round tries again.
    }
  };
  form.addEventListener("submit", () => { sent = true; });
  setInterval(keep, 20000);
  document.addEventListener("visibilitychange", () => { if (document.hidden) keep(); });
}
