/* Keys in a list of results: "/" searches, "j" and "k" move, Enter opens. Load it on list pages. */
(function () {
  const list = document.querySelector("[data-keys]");
  const search = document.querySelector("[data-keys-search]");

  function isTyping(target) {
    const types = /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) && target.type !== "checkbox";
    return target.isContentEditable || types;
  }

  function move(step) {
    const links = Array.from(list.querySelectorAll("[data-keys-link]"));
    const at = links.indexOf(document.activeElement);
    const next = links[Math.min(links.length - 1, Math.max(0, at + step))];
    if (next) next.focus();
  }

  document.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    if (event.key === "/" && search) {
      event.preventDefault();
      search.focus();
    } else if (list && (event.key === "j" || event.key === "k")) {
      move(event.key === "j" ? 1 : -1);
    }
  });
})();
