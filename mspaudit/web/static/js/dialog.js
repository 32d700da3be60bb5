// Native dialogs. [data-dialog=id] opens one, [data-dialog-close] closes it.
// A form with data-confirm (and data-verb) asks before it is sent; so does hx-confirm.

function question(text, verb) {
  return new Promise((answer) => {
    const dialog = document.createElement("dialog");
    dialog.className = "ma-dialog";
    dialog.setAttribute("aria-labelledby", "dialog-question");
    const form = document.createElement("form");
    form.method = "dialog";
    const words = document.createElement("p");
    words.id = "dialog-question";
    words.textContent = text;
    const actions = document.createElement("p");
    actions.className = "ma-actions";
    actions.append(button("Annuler", "no", "btn"), button(verb, "yes", "btn btn-primary"));
    form.append(words, actions);
    dialog.append(form);
    dialog.addEventListener("close", () => {
      dialog.remove();
      answer(dialog.returnValue === "yes");
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}

function button(text, value, look) {
  const made = document.createElement("button");
  made.className = look;
  made.value = value;
  made.textContent = text;
  return made;
}

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-dialog]");
  if (opener && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    document.getElementById(opener.dataset.dialog)?.showModal();
  }
  if (event.target.closest("[data-dialog-close]")) event.target.closest("dialog")?.close();
  for (const menu of document.querySelectorAll("details.ma-menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

// What was fetched for one opening must not flash at the next.
document.addEventListener("close", (event) => {
  event.target.querySelector?.("[data-emptied]")?.replaceChildren();
}, true);

document.addEventListener("keydown", (event) => {
  const menu = event.key === "Escape" && event.target.closest("details.ma-menu[open]");
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.dataset.confirm || form.dataset.confirmed) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  const { submitter } = event;
  if (!(await question(form.dataset.confirm, form.dataset.verb ?? "Confirmer"))) return;
  form.dataset.confirmed = "yes";
  form.requestSubmit(submitter);
  delete form.dataset.confirmed;
}, true);

document.addEventListener("htmx:confirm", async (event) => {
  const { ctx, issueRequest, dropRequest } = event.detail;
  event.preventDefault();
  const agreed = await question(ctx.confirm, ctx.sourceElement.dataset.verb ?? "Confirmer");
  if (agreed) issueRequest();
  else dropRequest();
});
