// Served by `newsclaims report --serve`: fetches the data again and again, and says how old they are.

let fetched = Date.now();

function say(problem) {
  const place = document.getElementById("problem");
  if (place.textContent !== problem) place.textContent = problem;
  place.hidden = !problem;
  document.getElementById("live").classList.toggle("away", Boolean(problem));
}

function drawAge() {
  const seconds = Math.round((Date.now() - fetched) / 1000);
  document.getElementById("age").textContent = seconds < 2 ? "updated just now" : `updated ${duration(seconds).replace(/\.\d+/, "")} ago`;
}

async function refresh() {
  try {
    const answer = await fetch("data.json", {cache: "no-store"});
    const fresh = await answer.json();
    if (fresh.problem) say(`${fresh.problem}. What is shown is older.`);
    else {
      const held = data.choices.map((choice) => [choice.dimension, choice.keys[chosen[choice.dimension]]]);
      data = fresh;
      for (const [dimension, value] of held) {
        const choice = data.choices.find((each) => each.dimension === dimension);
        if (choice) chosen[dimension] = Math.max(0, choice.keys.indexOf(value));
      }
      say("");
      fetched = Date.now() - fresh.age * 1000;
      await draw();
    }
  } catch {
    say("The server of this page does not answer: start newsclaims report --serve again. What is shown is older.");
  }
  drawAge();
  setTimeout(refresh, data.every);
}

setInterval(drawAge, 1000);
setTimeout(refresh, data.every);
