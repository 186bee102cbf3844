// Has the puzzle of a form solved while it is filled in. Whoever sends it earlier is told to wait a moment, and it goes off by itself.
(() => {
  "use strict";
  const box = document.querySelector("[data-puzzle]");
  if (!box) return;
  const form = box.closest("form");
  const answer = form.querySelector("[name=puzzle_answer]");
  const status = box.querySelector("[data-puzzle-status]");
  const bar = box.querySelector("progress");
  let isReady = false;
  let isSent = false;

  const ready = () => {
    isReady = true;
    if (isSent) form.submit();
  };

  // Without a thread of its own the page does what a browser without scripts does: it waits.
  const wait = () => {
    const field = document.createElement("input");
    field.type = "hidden";
    field.name = "puzzle_wait";
    field.value = "yes";
    form.append(field);
    answer.value = "";
    setTimeout(ready, Number(box.dataset.wait) * 1000 + 500);
  };

  form.addEventListener("submit", (event) => {
    if (isReady) return;
    event.preventDefault();
    isSent = true;
    status.hidden = false;
  });

  try {
    const worker = new Worker("/assets/puzzle-worker.js");
    worker.onmessage = ({ data }) => {
      if (data.done) bar.value = data.done;
      if (data.answer) {
        answer.value = data.answer;
        worker.terminate();
        ready();
      }
    };
    worker.onerror = () => {
      worker.terminate();
      wait();
    };
    worker.postMessage({ text: box.dataset.puzzle, parts: Number(box.dataset.parts) });
  } catch {
    wait();
  }
})();
