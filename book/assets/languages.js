/* The link to the same page in another language takes the reader's place along; what was chosen is remembered in this browser and marks the link, no more. */
(() => {
  const KEY = "podsim-language";
  const THIRD = 3; // of the window: where one reads

  let touched = null; // the explorer whose state the link tells
  const note = ({ target }) => {
    touched = target.closest?.("pod-explorer") ?? touched;
  };
  for (const kind of ["pointerdown", "focusin"]) document.addEventListener(kind, note, { passive: true });

  function place() {
    if (touched?.link) return `#${touched.link}`;
    if (location.hash) return location.hash;
    const sections = [...document.querySelectorAll(".bd-article section[id]")];
    const read = sections.filter((section) => section.getBoundingClientRect().top < innerHeight / THIRD);
    return read.length > 1 ? `#${read.at(-1).id}` : "";
  }

  function remembered() {
    try {
      return localStorage.getItem(KEY);
    } catch {
      return null; // a browser that keeps nothing
    }
  }

  document.addEventListener("DOMContentLoaded", () => {
    for (const link of document.querySelectorAll("a[data-language]")) {
      if (link.dataset.language === remembered()) link.classList.add("chosen");
      for (const kind of ["pointerdown", "focus", "click"]) {
        link.addEventListener(kind, () => {
          link.hash = place();
        });
      }
      link.addEventListener("click", () => {
        try {
          localStorage.setItem(KEY, link.dataset.language);
        } catch {
          // then it is forgotten
        }
      });
    }
  });
})();
