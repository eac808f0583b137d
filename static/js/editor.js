/* Turns every marked text field into the editor. Without it the field stays a field, and the server takes both. */
import { Editor } from "django-prose-editor/editor";
import { extensions } from "ekip/editor-schema";
import { toolbar } from "ekip/editor-toolbar";

function isEmpty(editor) {
  return editor.isEmpty && !editor.getHTML().includes("<img");
}

/* The editing area takes over the field's id, so that labels, help and the error summary lead to it. */
function attributesFor(field, label) {
  const attributes = { id: field.id, class: "prose text-editor-text", role: "textbox", "aria-multiline": "true" };
  if (label) attributes["aria-labelledby"] = label.id;
  if (field.lang) attributes.lang = field.lang;
  for (const name of ["aria-describedby", "aria-invalid", "aria-required"]) {
    if (field.hasAttribute(name)) attributes[name] = field.getAttribute(name);
  }
  return attributes;
}

/* The page's policy refuses inline styles, and the text form has none: they are gone before the paste is read. */
function withoutStyles(html) {
  return html
    .replace(/<style[^>]*>.*?<\/style>/gis, "")
    .replace(/(<[^<>]*?)\sstyle\s*=\s*("[^"]*"|'[^']*'|[^\s>]+)/gi, "$1");
}

function begin(field) {
  const labels = JSON.parse(field.dataset.textEditor);
  const label = document.querySelector(`label[for="${CSS.escape(field.id)}"]`);
  if (label && !label.id) label.id = `${field.id}-label`;
  const controls = field.id;
  const place = document.createElement("div");
  place.className = "text-editor";
  field.before(place);

  const editor = new Editor({
    element: place,
    extensions,
    content: field.value,
    injectCSS: false,
    editorProps: { attributes: attributesFor(field, label), transformPastedHTML: withoutStyles },
    onUpdate() {
      field.value = isEmpty(editor) ? "" : editor.getHTML();
      field.dispatchEvent(new Event("input", { bubbles: true }));
    },
  });
  field.removeAttribute("id");
  field.hidden = true;
  if (label) label.addEventListener("click", () => editor.view.focus());
  place.prepend(...toolbar(editor, labels, controls));
}

document.querySelectorAll("textarea[data-text-editor]").forEach(begin);
