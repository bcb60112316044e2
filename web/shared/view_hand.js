// A hand on the world of a page: pause, step, speed; what may be dragged and pushed.
function hand_element(id) {
  return document.getElementById(id);
}

export class Hand {
  // hand: move([[index, value], ...]), rate(decisions a second, 0: hold), step().
  constructor(view, hand) {
    this.view = view;
    this.hand = hand;
    this.is_paused = this.is_grabbed = false;
    this.listen();
  }

  // Decisions a second; nothing moves while it is paused or grabbed.
  rate() {
    return this.is_paused || this.is_grabbed ? 0 : this.view.world.rate * Number(hand_element("world-speed").value);
  }

  tell_rate() {
    if (this.view.facts) {
      this.hand.rate(this.rate());
    }
  }

  // Others who look at the same world have chosen.
  take_rate(rate) {
    if (this.is_grabbed || rate === this.rate()) {
      return;
    }
    const far = (option) => Math.abs(Math.log(Number(option.value) * this.view.world.rate / rate));
    const nearest = [...hand_element("world-speed").options].sort((a, b) => far(a) - far(b))[0];
    this.show_pause(rate === 0);
    if (rate > 0) {
      hand_element("world-speed").value = nearest.value;
    }
  }

  show_pause(is_paused) {
    this.is_paused = is_paused;
    hand_element("world-pause").textContent = is_paused ? "Go on" : "Pause";
    hand_element("world-pause").setAttribute("aria-pressed", is_paused);
  }

  pause(is_paused) {
    this.show_pause(is_paused);
    this.tell_rate();
  }

  step() {
    if (!this.is_paused) {
      this.pause(true);
    }
    this.hand.step();
  }

  // What can be done with this task is said, and the rest hidden.
  show(facts, world) {
    hand_element("world-hint").textContent = (facts.movable > 0 ? world.hint + " " : "") + "Space pauses, the full stop steps.";
    for (const id of ["push-left", "push-right"]) {
      hand_element(id).hidden = facts.movable === 0 || !world.push;
    }
  }

  can_push() {
    return this.view.decision && this.view.facts.movable > 0 && !this.view.decision.ended && this.view.world.push;
  }

  push(side) {
    if (this.can_push()) {
      this.hand.move(this.view.world.push(side, this.view.decision));
    }
  }

  grab(event, canvas) {
    const moves = this.view.world.grab?.(event.offsetX, event.offsetY, canvas.clientWidth, canvas.clientHeight, this.view.decision);
    if (moves) {
      this.hand.move(moves);
    }
  }

  listen() {
    hand_element("world-speed").addEventListener("change", () => this.tell_rate());
    hand_element("world-pause").addEventListener("click", () => this.pause(!this.is_paused));
    hand_element("world-step").addEventListener("click", () => this.step());
    hand_element("push-left").addEventListener("click", () => this.push(-1));
    hand_element("push-right").addEventListener("click", () => this.push(1));
    this.listen_to_canvas(hand_element("world"));
  }

  listen_to_canvas(canvas) {
    const keys = { ArrowLeft: () => this.push(-1), ArrowRight: () => this.push(1), " ": () => this.pause(!this.is_paused),
      ".": () => this.step() };
    canvas.addEventListener("keydown", (event) => {
      if (keys[event.key]) {
        event.preventDefault();
        keys[event.key]();
      }
    });
    canvas.addEventListener("pointerdown", (event) => {
      if (this.can_push()) {
        canvas.setPointerCapture(event.pointerId);
        this.is_grabbed = true;
        this.tell_rate();
        this.grab(event, canvas);
      }
    });
    canvas.addEventListener("pointermove", (event) => canvas.hasPointerCapture(event.pointerId) && this.grab(event, canvas));
    for (const end of ["pointerup", "pointercancel"]) {
      canvas.addEventListener(end, () => {
        this.is_grabbed = false;
        this.tell_rate();
      });
    }
  }
}
