// Theme and row height: applied at once, then remembered in a cookie that the server reads.

const ATTRIBUTES = { theme: "data-bs-theme", density: "data-density" };
const A_YEAR = 31536000;

document.addEventListener("change", (event) => {
  const name = event.target.closest("[data-preference]")?.dataset.preference;
  if (!name) return;
  const { value } = event.target;
  const secure = location.protocol === "https:" ? "; secure" : "";
  document.cookie = `ma_${name}=${value}; path=/; max-age=${value ? A_YEAR : 0}; samesite=lax${secure}`;
  if (value) document.documentElement.setAttribute(ATTRIBUTES[name], value);
  else document.documentElement.removeAttribute(ATTRIBUTES[name]);
});
