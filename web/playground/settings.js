// Settings that the reader changed, and the form that changes more of them.
export class Settings {
  // changed(): a setting was changed or taken back.
  constructor(changed) {
    this.changed = changed;
    this.pairs = [];   // [key, value] as the tool takes them
    this.options = []; // those that this method reads, as the library lists them
    this.key = document.getElementById("setting-key");
    this.value = document.getElementById("setting-value");
    this.key.addEventListener("input", () => this.explain());
    document.getElementById("setting-add").addEventListener("click", () => this.add());
    this.value.addEventListener("keydown", (event) => {
      if (event.key === "Enter") {
        event.preventDefault();
        this.add();
      }
    });
  }

  set(key, value) {
    this.pairs = [...this.pairs.filter(([known]) => known !== key), [key, value]];
    this.show();
  }

  drop(key) {
    this.pairs = this.pairs.filter(([known]) => known !== key);
    this.show();
  }

  get(key) {
    return this.pairs.find(([known]) => known === key)?.[1] ?? this.option(key)?.value;
  }

  option(key) {
    return this.options.find((option) => option.key === key);
  }

  add() {
    if (this.key.value.trim() !== "") {
      this.set(this.key.value.trim(), this.value.value.trim());
      this.key.value = this.value.value = "";
      this.explain();
      this.changed();
    }
  }

  explain() {
    const option = this.option(this.key.value.trim());
    document.getElementById("setting-help").textContent = option
      ? `${option.help} Now ${option.value}${option.unit ? " " + option.unit : ""}; allowed: ${option.allowed}.`
      : "Names are those of hedon train --help.";
    this.value.placeholder = option?.value ?? "value";
  }

  take_options(options) {
    this.options = options;
    document.getElementById("setting-keys").replaceChildren(...options.map((option) => new Option("", option.key)));
    this.explain();
  }

  show() {
    const list = document.getElementById("settings-list"), n = this.pairs.length;
    list.replaceChildren(...this.pairs.map(([key, value]) => this.row(key, value)));
    document.getElementById("settings-count").textContent = n === 0 ? "as the method has them" : `${n} changed`;
  }

  row(key, value) {
    const item = document.createElement("li"), name = document.createElement("code"), button = document.createElement("button");
    name.textContent = `${key} = ${value}`;
    button.type = "button";
    button.className = "small";
    button.textContent = "take back";
    button.setAttribute("aria-label", `take ${key} back`);
    button.addEventListener("click", () => {
      this.drop(key);
      this.changed();
    });
    item.append(name, button);
    return item;
  }
}
