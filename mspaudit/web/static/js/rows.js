// In a table[data-rows], arrows go from one row's link to the next; Home and End to the first and the last.

const STEPS = { ArrowDown: 1, ArrowUp: -1, Home: -Infinity, End: Infinity };

document.addEventListener("keydown", (event) => {
  const step = STEPS[event.key];
  const link = event.target.closest?.("table[data-rows] [scope=row] a");
  if (!step || !link || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
  event.preventDefault();
  const links = [...link.closest("table").querySelectorAll("[scope=row] a")];
  const next = Math.min(Math.max(links.indexOf(link) + step, 0), links.length - 1);
  links[next].focus();
});
