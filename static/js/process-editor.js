/* The text of a process: a fault leads to its line, lines are numbered, pieces are copied. Nothing depends on it. */
(function () {
  const field = document.getElementById("id_text");
  if (!field) return;

  function goTo(line) {
    const lines = field.value.split("\n");
    const start = lines.slice(0, line - 1).reduce((sum, each) => sum + each.length + 1, 0);
    field.focus();
    field.setSelectionRange(start, start + (lines[line - 1] || "").length);
    const height = parseFloat(getComputedStyle(field).lineHeight);
    field.scrollTop = Math.max(0, (line - 4) * height);
    field.scrollLeft = 0;
    number();
  }

  document.addEventListener("click", function (event) {
    const link = event.target.closest("[data-line]");
    if (!link) return;
    event.preventDefault();
    goTo(Number(link.dataset.line));
  });

  /* --- numbers beside the lines */

  const gutter = document.createElement("div");
  gutter.className = "code-gutter";
  gutter.setAttribute("aria-hidden", "true");
  const numbers = document.createElement("pre");
  gutter.append(numbers);
  field.before(gutter);

  function number() {
    const count = field.value.split("\n").length;
    if (numbers.dataset.count !== String(count)) {
      numbers.dataset.count = String(count);
      numbers.textContent = Array.from({ length: count }, (_, each) => each + 1).join("\n");
    }
    gutter.scrollTop = field.scrollTop;
  }

  field.addEventListener("input", number);
  field.addEventListener("scroll", number);
  number();

  /* --- the text from which a new stage came */

  const added = new URLSearchParams(window.location.search).get("stage");
  const at = added ? field.value.split("\n").findIndex((line) => line.trim() === `- key: ${added}`) : -1;
  if (at >= 0) goTo(at + 1);
})();
