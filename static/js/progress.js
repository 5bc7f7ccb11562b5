// Brings the page's progress up to date while something moves; once nothing does, the whole page with its buttons.
const part = document.querySelector("[data-progress]");
const look = async () => {
  if (document.hidden) return;
  try {
    const answer = await fetch(part.dataset.progress, { redirect: "error" });
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const now = page.querySelector("[data-progress]");
    if (!now.dataset.progress) return location.reload();
    part.replaceChildren(...now.childNodes);
  } catch {
    // The next look tries again.
  }
};
if (part.dataset.progress) setInterval(look, 3000);
