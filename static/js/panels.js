// Fills each panel that was not warm, one after the other; one that fails says so and keeps its link.
const SLOW = 400;
const fill = async (place) => {
  const said = place.querySelector(".waiting");
  const slow = setTimeout(() => { said.textContent = place.dataset.loading; }, SLOW);
  try {
    const answer = await fetch(place.dataset.part, { redirect: "error" });
    if (!answer.ok) throw new Error(answer.statusText);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const found = page.querySelector(".overview-panel");
    if (!found) throw new Error("no panel");
    place.replaceWith(found);
  } catch {
    said.textContent = place.dataset.failed;
  } finally {
    clearTimeout(slow);
  }
};
const all = async () => {
  for (const place of document.querySelectorAll("[data-part]")) await fill(place);
};
all();
