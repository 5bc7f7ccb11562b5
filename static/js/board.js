// A card that is dragged to another column leads to the page of the act that would take it there; nothing is written yet.
let dragged = null;
for (const card of document.querySelectorAll("[data-card][draggable]")) {
  card.addEventListener("dragstart", (event) => {
    dragged = card;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", "");
  });
  card.addEventListener("dragend", () => { dragged = null; });
}
const wayTo = (lane) => dragged && dragged.querySelector(`a[data-to="${lane.dataset.lane}"]`);
for (const lane of document.querySelectorAll("[data-lane]")) {
  lane.addEventListener("dragover", (event) => {
    if (wayTo(lane)) event.preventDefault();
  });
  lane.addEventListener("drop", (event) => {
    const link = wayTo(lane);
    event.preventDefault();
    if (link) window.location.assign(link.href);
  });
}
