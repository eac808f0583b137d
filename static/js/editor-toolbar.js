/* The row of commands above an editor: words, not pictures; one stop for the Tab key, arrows within. */

const commands = [
  { name: "bold", run: (c) => c.toggleBold(), active: ["bold"] },
  { name: "italic", run: (c) => c.toggleItalic(), active: ["italic"] },
  { name: "heading", run: (c) => c.toggleHeading({ level: 2 }), active: ["heading", { level: 2 }] },
  { name: "subheading", run: (c) => c.toggleHeading({ level: 3 }), active: ["heading", { level: 3 }] },
  { name: "list", run: (c) => c.toggleBulletList(), active: ["bulletList"] },
  { name: "numbered", run: (c) => c.toggleOrderedList(), active: ["orderedList"] },
  { name: "quote", run: (c) => c.toggleBlockquote(), active: ["blockquote"] },
  { name: "link", active: ["link"] },
  { name: "table", run: (c) => c.insertTable({ rows: 3, cols: 3, withHeaderRow: true }), unless: "table" },
  { name: "add_row", run: (c) => c.addRowAfter(), within: "table" },
  { name: "add_column", run: (c) => c.addColumnAfter(), within: "table" },
  { name: "delete_row", run: (c) => c.deleteRow(), within: "table" },
  { name: "delete_column", run: (c) => c.deleteColumn(), within: "table" },
  { name: "delete_table", run: (c) => c.deleteTable(), within: "table" },
  { name: "undo", run: (c) => c.undo() },
  { name: "redo", run: (c) => c.redo() },
];

function element(tag, attributes, words) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  if (words) made.textContent = words;
  return made;
}

/* Asks for an address below the toolbar; the answer becomes a link on the chosen words. */
function linkPanel(editor, labels) {
  const panel = element("div", { class: "text-editor-link" });
  panel.hidden = true;
  const label = element("label", {}, labels.address);
  const input = element("input", { type: "url", class: "input", placeholder: "https://" });
  label.append(input);
  const apply = element("button", { type: "button", class: "button button-secondary" }, labels.apply);
  const remove = element("button", { type: "button", class: "button button-quiet" }, labels.remove_link);
  panel.append(label, apply, remove);

  function close() {
    panel.hidden = true;
    editor.view.focus();
  }
  function set() {
    const address = input.value.trim();
    const chain = editor.chain().extendMarkRange("link");
    if (address) chain.setLink({ href: address }).run();
    else chain.unsetLink().run();
    close();
  }
  apply.addEventListener("click", set);
  remove.addEventListener("click", function () {
    editor.chain().extendMarkRange("link").unsetLink().run();
    close();
  });
  panel.addEventListener("keydown", function (event) {
    if (event.key === "Escape") close();
    if (event.key !== "Enter" || event.target !== input) return;
    event.preventDefault();
    set();
  });
  return {
    panel,
    open() {
      input.value = editor.getAttributes("link").href || "";
      panel.hidden = false;
      input.focus();
    },
  };
}

/* The toolbar of `editor` with the words of `labels`; `controls` is the id of what it acts on. */
export function toolbar(editor, labels, controls) {
  const bar = element("div", { class: "text-editor-bar", role: "toolbar", "aria-label": labels.toolbar, "aria-controls": controls });
  const link = linkPanel(editor, labels);
  const buttons = commands.map(function (command) {
    const button = element("button", { type: "button", tabindex: "-1" }, labels[command.name]);
    if (command.active) button.setAttribute("aria-pressed", "false");
    /* The editor's own focus command waits for the next frame; a key pressed before it would press the button again. */
    button.addEventListener("click", function () {
      if (command.name === "link") return link.open();
      editor.view.focus();
      command.run(editor.chain()).scrollIntoView().run();
    });
    bar.append(button);
    return button;
  });

  function enter(button) {
    buttons.forEach((other) => other.setAttribute("tabindex", other === button ? "0" : "-1"));
  }
  function show() {
    commands.forEach(function (command, n) {
      if (command.active) buttons[n].setAttribute("aria-pressed", String(editor.isActive(...command.active)));
      if (command.within) buttons[n].hidden = !editor.isActive(command.within);
      if (command.unless) buttons[n].hidden = editor.isActive(command.unless);
    });
  }
  /* A press by pointer leaves the focus where the words are. */
  bar.addEventListener("mousedown", (event) => event.preventDefault());
  bar.addEventListener("focusin", (event) => enter(event.target));
  bar.addEventListener("keydown", function (event) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const visible = buttons.filter((button) => !button.hidden);
    const at = visible.indexOf(document.activeElement);
    visible[(at + step + visible.length) % visible.length].focus();
    event.preventDefault();
  });
  editor.on("transaction", show);
  enter(buttons[0]);
  show();
  return [bar, link.panel];
}
