// Keeps the list fresh. Lines that stand already are never touched, so whoever reads
// or tabs through the list stays where they are.
"use strict";

const EVERY = 3000; // milliseconds
const find = (id, page = document) => page.getElementById(id);
let version = null;
let count = find("status").textContent;

function say(words) {
  const status = find("status");
  if (status.textContent !== words) status.textContent = words;
}

function show(page) {
  const list = find("messages");
  const fresh = [...find("messages", page).children];
  const wanted = new Set(fresh.map((line) => line.id));
  for (const line of [...list.children]) if (!wanted.has(line.id)) line.remove();
  let place = list.firstElementChild;
  for (const line of fresh) {
    if (place && place.id === line.id) place = place.nextElementSibling;
    else list.insertBefore(document.importNode(line, true), place);
  }
  for (const id of ["clear", "empty", "cut"]) find(id).hidden = find(id, page).hidden;
}

async function look() {
  try {
    const headers = version ? { "If-None-Match": version } : {};
    const answer = await fetch("/", { headers, cache: "no-store" });
    if (answer.status === 200) {
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      show(page);
      version = answer.headers.get("ETag");
      count = find("status", page).textContent;
    }
    say(count);
  } catch {
    say("The mail service does not answer. Trying again…");
  }
}

async function keepLooking() {
  if (!document.hidden) await look();
  setTimeout(keepLooking, EVERY);
}

setTimeout(keepLooking, EVERY);
