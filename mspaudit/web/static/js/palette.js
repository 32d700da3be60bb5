// Ctrl-K reaches the search from anywhere; arrows walk the answers, Enter opens the first, Escape closes.

const form = document.querySelector("[data-palette]");
const input = form?.querySelector("input[type=search]");
const results = form?.querySelector(".ma-results");

const links = () => [...results.querySelectorAll("a")];
const close = () => results.replaceChildren();

function walk(event) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (event.key === "Escape") {
    close();
    input.focus();
  } else if (step && links().length) {
    event.preventDefault();
    const stops = [input, ...links()];
    const here = stops.indexOf(document.activeElement);
    stops[(here + step + stops.length) % stops.length].focus();
  }
}

function open(event) {
  const [first] = links();
  if (!first || document.activeElement !== input) return; // without answers, the search page takes over
  event.preventDefault();
  first.click();
}

if (form) {
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey && event.key.toLowerCase() === "k") {
      event.preventDefault();
      input.focus();
      input.select();
    }
  });
  // What was typed before htmx listened is searched too.
  input.addEventListener("htmx:after:init", () => input.value && input.dispatchEvent(new Event("input")));
  form.addEventListener("keydown", walk);
  form.addEventListener("submit", open);
  document.addEventListener("click", (event) => form.contains(event.target) || close());
  form.addEventListener("focusout", (event) => {
    if (event.relatedTarget && !form.contains(event.relatedTarget)) close();
  });
}
