/* The review page with scripts: points from selected words, more points without a reload, and a draft that keeps itself. */
(function () {
  const page = document.querySelector("[data-review]");
  const form = document.querySelector("form[data-autosave]");
  if (!page || !form) return;
  const list = form.querySelector("[data-points]");
  const total = form.querySelector("[name=points-TOTAL_FORMS]");
  const most = Number(form.querySelector("[name=points-MAX_NUM_FORMS]").value);
  page.querySelectorAll("[data-only-script]").forEach((hint) => (hint.hidden = false));

  /* --- points */

  function part(point, name) {
    return point.querySelector(`[name$="-${name}"]`);
  }

  function isEmpty(point) {
    return ["passage", "quote", "text", "wording"].every((name) => !part(point, name).value.trim());
  }

  function addPoint() {
    const points = list.querySelectorAll("[data-point]");
    const number = points.length;
    if (number >= most) return null;
    const made = points[number - 1].cloneNode(true);
    made.removeAttribute("id");
    made.querySelectorAll(".field-error, .errorlist").forEach((note) => note.remove());
    made.querySelectorAll("*").forEach(function (each) {
      for (const name of ["id", "name", "for", "aria-describedby"]) {
        const value = each.getAttribute(name);
        if (value) each.setAttribute(name, value.replace(/points-\d+-/g, `points-${number}-`));
      }
      each.removeAttribute("aria-invalid");
      if (each.type === "checkbox") each.checked = each.name.endsWith("must_answer");
      else if ("value" in each && each.matches("input, textarea, select")) each.value = "";
    });
    const legend = made.querySelector("legend");
    legend.textContent = legend.textContent.replace(/\d+/, number + 1);
    list.append(made);
    total.value = number + 1;
    return made;
  }

  function freePoint() {
    const last = [...list.querySelectorAll("[data-point]")].pop();
    return last && isEmpty(last) ? last : addPoint();
  }

  form.addEventListener("click", function (event) {
    if (event.target.value !== "add-point" || !event.target.matches("button")) return;
    const point = freePoint();
    if (!point) return;
    event.preventDefault();
    part(point, "passage").focus();
  });

  /* --- a point from selected words */

  const remark = document.createElement("button");
  remark.type = "button";
  remark.className = "button button-small select-remark";
  remark.textContent = page.dataset.labelPoint;
  remark.hidden = true;
  document.body.append(remark);
  let meant = null;

  function passageOf(node) {
    const element = node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement;
    return element && element.closest(".frozen [data-passage], .frozen [data-statement]");
  }

  function selected() {
    const selection = window.getSelection();
    if (!selection.rangeCount || selection.isCollapsed) return null;
    const range = selection.getRangeAt(0);
    const passage = passageOf(range.startContainer);
    if (!passage || passageOf(range.endContainer) !== passage) return null;
    const words = selection.toString().replace(/\s+/g, " ").trim();
    const place = passage.closest("[data-place]");
    const block = passage.hasAttribute("data-statement") ? "" : passage.id.slice(place.dataset.prefix.length);
    return words && { words, value: `${place.dataset.place}|${block}`, box: range.getBoundingClientRect() };
  }

  document.addEventListener("selectionchange", function () {
    const found = selected();
    if (!found && document.activeElement === remark) return;
    meant = found;
    remark.hidden = !meant;
    if (!meant) return;
    remark.style.insetBlockStart = `${window.scrollY + meant.box.bottom + 8}px`;
    remark.style.insetInlineStart = `${Math.max(8, window.scrollX + Math.min(meant.box.left, window.innerWidth - 260))}px`;
  });

  page.querySelector(".text-beside").addEventListener("scroll", () => (remark.hidden = true));
  /* Pressing the button would collapse the selection first. */
  remark.addEventListener("pointerdown", (event) => event.preventDefault());
  remark.addEventListener("click", function () {
    const point = meant && freePoint();
    if (!point) return;
    part(point, "passage").value = meant.value;
    part(point, "quote").value = meant.words;
    remark.hidden = true;
    window.getSelection().removeAllRanges();
    part(point, "text").focus();
    keepSoon();
  });

  /* --- the draft keeps itself */

  const saved = form.querySelector("[data-saved]");
  const bar = form.querySelector("progress");
  let timer = 0;
  let running = null;

  function keepSoon() {
    window.clearTimeout(timer);
    timer = window.setTimeout(keep, 2500);
  }

  async function keep() {
    const body = new FormData(form);
    body.set("action", "save");
    running = new AbortController();
    try {
      const answer = await fetch(window.location.pathname, {
        method: "POST",
        body,
        headers: { Accept: "application/json" },
        redirect: "manual",
        signal: running.signal,
      });
      if (!answer.ok) throw new Error(String(answer.status));
      const told = await answer.json();
      saved.textContent = [told.saved, told.note].filter(Boolean).join(". ");
      form.dispatchEvent(new CustomEvent("ekip:saved", { bubbles: true }));
    } catch (error) {
      if (error.name !== "AbortError") saved.textContent = form.dataset.labelUnsaved;
    }
  }

  function count() {
    if (!bar) return;
    const groups = new Set([...form.querySelectorAll("input[type=radio]")].map((input) => input.name));
    const done = [...groups].filter((name) => form.querySelector(`input[name="${CSS.escape(name)}"]:checked`)).length;
    bar.value = done;
    const words = bar.parentElement.querySelector(".numeric");
    if (words) words.firstChild.textContent = words.firstChild.textContent.replace(/\d+/, done);
  }

  form.addEventListener("input", function () {
    keepSoon();
    count();
  });
  form.addEventListener("submit", function () {
    window.clearTimeout(timer);
    if (running) running.abort();
  });
})();
