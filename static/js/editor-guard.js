/* Asks before leaving a page on which something was typed and not saved. */
(function () {
  const changed = new Set();

  document.addEventListener("input", function (event) {
    const form = event.target.closest("form[data-guard]");
    if (form) changed.add(form);
  });
  /* Sending one form does not save what was typed in another. */
  document.addEventListener("submit", (event) => changed.delete(event.target));
  /* The review page saves by itself and says so. */
  document.addEventListener("ekip:saved", (event) => changed.delete(event.target));
  window.addEventListener("beforeunload", function (event) {
    if (changed.size) event.preventDefault();
  });
})();
