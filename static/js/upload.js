// Says at once that a file is too large, before gigabytes are sent in vain.
for (const form of document.querySelectorAll("form[data-most]")) {
  const box = form.querySelector("input[type=file]");
  box.addEventListener("change", () => {
    const size = box.files.length ? Math.ceil(box.files[0].size / 1048576) : 0;
    box.setCustomValidity(size > Number(form.dataset.most) ? `${size} MB > ${form.dataset.most} MB` : "");
    box.reportValidity();
  });
}
