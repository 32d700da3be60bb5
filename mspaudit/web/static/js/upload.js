// A file's weight is checked before it travels. <input type=file data-max="20971520" [data-submit]>

const mebi = (bytes) => Math.max(1, Math.round(bytes / 1048576));

document.addEventListener("change", (event) => {
  const input = event.target;
  if (input.type !== "file" || !input.files.length) return;
  const [file] = input.files;
  const limit = Number(input.dataset.max ?? 0);
  const heavy = limit > 0 && file.size > limit;
  const said = input.closest(".ma-upload")?.querySelector("[data-file-name]");
  if (said) {
    said.textContent = heavy
      ? `Ce fichier pèse ${mebi(file.size)}\u00a0Mo, la limite est ${mebi(limit)}\u00a0Mo. Une photo suffit.`
      : file.name;
  }
  if (heavy) input.value = "";
  else if ("submit" in input.dataset) input.form.requestSubmit();
});
