// A print button appears only where it works: <button type="button" data-print hidden>.
for (const button of document.querySelectorAll("button[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
