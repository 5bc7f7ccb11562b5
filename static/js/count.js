// Shows how many characters are written of how many allowed. A Han character outside the basic plane counts as one.
for (const box of document.querySelectorAll("textarea[maxlength]")) {
  const most = box.getAttribute("maxlength");
  const tally = document.createElement("p");
  tally.className = "tally";
  box.after(tally);
  const show = () => { tally.textContent = `${[...box.value].length}/${most}`; };
  box.addEventListener("input", show);
  show();
}
