/* Choosing rows of the board: all at once, how many, and Enter on a chosen row opens it. Nothing depends on it. */
(function () {
  const form = document.querySelector("[data-board]");
  if (!form) return;
  const boxes = Array.from(form.querySelectorAll("input[name=run]"));
  const every = form.querySelector("[data-choose-all]");
  const told = form.querySelector("[data-chosen]");

  function tell() {
    const chosen = new Set(boxes.filter((box) => box.checked).map((box) => box.value));
    told.textContent = chosen.size ? told.dataset.some + " " + chosen.size : told.dataset.none;
    form.querySelectorAll("button").forEach((button) => button.setAttribute("aria-disabled", String(!chosen.size)));
    if (every) {
      every.checked = boxes.length > 0 && boxes.every((box) => box.checked);
      every.indeterminate = chosen.size > 0 && !every.checked;
    }
  }

  form.addEventListener("change", function (event) {
    if (event.target === every) boxes.forEach((box) => (box.checked = every.checked));
    else boxes.filter((box) => box.value === event.target.value).forEach((box) => (box.checked = event.target.checked));
    tell();
  });

  form.addEventListener("keydown", function (event) {
    if (event.key !== "Enter" || event.target.type !== "checkbox") return;
    event.preventDefault();
    const link = event.target.closest("tr, li") && event.target.closest("tr, li").querySelector("[data-open]");
    if (link) link.click();
  });

  if (every) every.hidden = false;
  tell();
})();
