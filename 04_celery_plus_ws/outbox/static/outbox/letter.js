// Keeps the state of a letter current without loading the page again: what is typed or
// focused stays, and a screen reader hears only what has changed (role="status").
"use strict";

const EVERY = 2000; // milliseconds
const shown = document.getElementById("letter");

async function look() {
  try {
    const answer = await fetch(location.href);
    if (answer.ok) {
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const news = page.getElementById("letter");
      if (news.innerHTML !== shown.innerHTML) shown.replaceChildren(...news.childNodes);
      if (!("live" in news.dataset)) return; // nothing more will happen
    }
  } catch {
    // The web does not answer: ask again.
  }
  setTimeout(look, EVERY);
}

setTimeout(look, EVERY);
