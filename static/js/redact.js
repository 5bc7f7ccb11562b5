// What is selected in an original is added to the phrases to be hidden, by a button beside the selection or the key H.
// Without it the phrases are typed, and "预览" shows what they come to.
for (const part of document.querySelectorAll("[data-part]")) {
  const original = part.querySelector("[data-original]");
  const phrases = part.querySelector("textarea");
  if (!original || !phrases) continue;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button button-secondary";
  button.textContent = part.dataset.hide;
  button.disabled = true;
  original.after(button);
  const selected = () => {
    const chosen = document.getSelection();
    const inside = chosen.rangeCount && original.contains(chosen.anchorNode) && original.contains(chosen.focusNode);
    return inside ? chosen.toString().trim() : "";
  };
  const hide = () => {
    const text = selected();
    if (!text) return;
    phrases.value = [phrases.value.trim(), ...text.split("\n")].filter(Boolean).join("\n");
    phrases.dispatchEvent(new Event("input", { bubbles: true }));
    document.getSelection().removeAllRanges();
  };
  document.addEventListener("selectionchange", () => { button.disabled = !selected(); });
  button.addEventListener("click", hide);
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input, textarea, select");
    if (event.key.toLowerCase() === "h" && !typing && !event.ctrlKey && !event.metaKey && selected()) hide();
  });
}
