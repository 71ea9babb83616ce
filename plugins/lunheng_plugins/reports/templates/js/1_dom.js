// Builds elements from text, never from markup; unpacks the data that the page carries.

const BIDI = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;

const plain = (text) =>
  text
    .replace(BIDI, (c) => `⟨U+${c.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}⟩`)
    .replace(CONTROL, "\ufffd");

const byId = (id) => document.getElementById(id);

function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name === "on") {
      for (const [event, handler] of Object.entries(value)) node.addEventListener(event, handler);
    } else node.setAttribute(name, value === true ? "" : value);
  }
  for (const child of children.flat()) {
    if (child === null || child === undefined || child === "") continue;
    node.append(child instanceof Node ? child : document.createTextNode(plain(String(child))));
  }
  return node;
}

const bdi = (text) => el("bdi", {}, text);
const signed = (n) => (n > 0 ? `+${n}` : n < 0 ? `−${-n}` : "±0");

const parsed = new Promise((ready) => {
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", ready);
  else ready();
});

// The texts stand behind the script, so that the page answers before the last of them has come.
async function unpack(id) {
  if (!byId(id)) await parsed;
  if (!byId(id)) return asked(id === "data" ? "index" : id);
  const packed = atob(byId(id).textContent);
  const bytes = Uint8Array.from(packed, (c) => c.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return JSON.parse(await new Response(stream).text());
}

// A text addressed by code points, as all offsets of a study are.
function codePoints(text) {
  const points = /[\ud800-\udfff]/.test(text) ? Array.from(text) : null;
  return {
    length: points ? points.length : text.length,
    slice: (a, b) => (points ? points.slice(a, b).join("") : text.slice(a, b)),
  };
}

// A stretch of a text, addressed as if the whole text were there.
function pieceOf({ start, text, changes }) {
  const points = codePoints(text);
  return { changes, text: { slice: (a, b) => points.slice(a - start, b - start) } };
}

const documents = new Map();
function getDocument(number) {
  if (!documents.has(number)) {
    documents.set(
      number,
      unpack(`doc-${number}`).then((doc) => ({ ...doc, number, text: codePoints(doc.text) })),
    );
  }
  return documents.get(number);
}

let data = null;

// Fills a message; `{n:row}` and `{n:entity|entities}` count with the noun that goes with a number.
function say(key, fields = {}) {
  const counted = (n, noun) => {
    const [one, many = `${one}s`] = noun.split("|");
    return noun === "," ? n.toLocaleString("en") : `${n.toLocaleString("en")} ${n === 1 ? one : many}`;
  };
  return data.messages[key].replace(/\{(\w+)(?::([^}]*))?\}/g, (_, name, noun) =>
    noun ? counted(fields[name], noun) : String(fields[name]));
}
