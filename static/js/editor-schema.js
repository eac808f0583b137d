/* What a text may consist of in the editor: the same as in the text form that the server keeps. */
import {
  Blockquote, Bold, BulletList, Document, Dropcursor, Extension, Gapcursor, HardBreak, Heading, History, Image, Italic,
  Link, ListItem, Mark, Node, OrderedList, Paragraph, Table, TableCell, TableHeader, TableRow, Text,
} from "django-prose-editor/editor";

/* The language of a block that departs from the language of the text. */
const BlockLanguage = Extension.create({
  name: "blockLanguage",
  addGlobalAttributes() {
    return [{ types: ["paragraph", "heading", "blockquote", "listItem", "table"], attributes: { lang: { default: null } } }];
  },
});

const Language = Mark.create({
  name: "language",
  addAttributes() {
    return { lang: { default: null } };
  },
  parseHTML() {
    return [{ tag: "span[lang]" }];
  },
  renderHTML({ HTMLAttributes }) {
    return ["span", HTMLAttributes, 0];
  },
});

/* Footnotes cannot be made here, but those that a text has must survive. */
const NoteReference = Mark.create({
  name: "noteReference",
  priority: 1100,
  inclusive: false,
  excludes: "link",
  addAttributes() {
    return { href: { default: null } };
  },
  parseHTML() {
    return [{ tag: "a[role=doc-noteref]", priority: 100 }];
  },
  renderHTML({ HTMLAttributes }) {
    return ["sup", ["a", { role: "doc-noteref", ...HTMLAttributes }, 0]];
  },
});

const Footnote = Node.create({
  name: "footnote",
  group: "block",
  content: "inline*",
  addAttributes() {
    return { id: { default: null } };
  },
  parseHTML() {
    return [
      { tag: "aside[role=doc-footnote]", contentElement: "p", priority: 100 },
      { tag: "a[role=doc-backlink]", ignore: true, priority: 110 },
    ];
  },
  renderHTML({ HTMLAttributes }) {
    return ["aside", { role: "doc-footnote", ...HTMLAttributes }, ["p", 0]];
  },
});

export const extensions = [
  Document, Paragraph, Text, HardBreak, Heading.configure({ levels: [2, 3, 4] }), Bold, Italic,
  BulletList, OrderedList, ListItem, Blockquote, Image, Table, TableRow, TableHeader, TableCell,
  Link.configure({ enableTarget: false, protocols: ["mailto"] }), BlockLanguage, Language, NoteReference, Footnote,
  History, Dropcursor, Gapcursor,
];
