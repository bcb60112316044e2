// The parts of a page that show a learner.
export const view_world_html = `
<section class="card wide" aria-labelledby="world-title">
  <header><h2 id="world-title">What it does</h2><p id="world-state" class="note"></p>
    <span class="choice hand"><button type="button" id="world-pause" class="small" aria-pressed="false">Pause</button>
    <button type="button" id="world-step" class="small">Step</button></span>
    <label class="choice"><span class="hidden">Speed</span><select id="world-speed">
      <option value="0.1">a tenth of its speed</option><option value="0.3">a third of its speed</option>
      <option value="1" selected>its own speed</option><option value="4">four times its speed</option>
      <option value="20">twenty times its speed</option></select></label></header>
  <canvas id="world" class="world" role="img" tabindex="0"></canvas>
  <footer id="world-hand"><span id="world-hint" class="note"></span>
    <button type="button" id="push-left" class="small">◀ push</button>
    <button type="button" id="push-right" class="small">push ▶</button></footer>
</section>`;

export const view_network_html = `
<section class="card" aria-labelledby="raster-title">
  <header><h2 id="raster-title">Spikes</h2><p class="note">each bar is a spike; time runs to the right</p>
    <span class="choice hand"><button type="button" id="zoom-out" class="small" aria-label="Show more time">−</button>
    <button type="button" id="zoom-in" class="small" aria-label="Show less time, larger">+</button></span></header>
  <div class="scroll"><canvas id="raster" class="tall" role="img" tabindex="0"></canvas></div>
</section>
<section class="card" aria-labelledby="weights-title">
  <header><h2 id="weights-title">Synapses</h2>
    <label class="choice"><span class="hidden">Show</span><select id="weights-what">
      <option value="weight">weights</option>
      <option value="eligibility">eligibilities of this decision</option>
      <option value="change">what learning has changed</option></select></label>
    <label class="choice"><span class="hidden">Projection</span><select id="weights-which"></select></label></header>
  <canvas id="weights" class="tall" role="img"></canvas>
  <p id="weights-note" class="note"></p>
</section>
<section class="card" aria-labelledby="neuron-title">
  <header><h2 id="neuron-title">One neuron</h2>
    <label class="choice"><span class="hidden">Neuron</span><select id="neuron-which"></select></label>
    <p id="neuron-note" class="note"></p></header>
  <canvas id="neuron" class="low" role="img"></canvas>
  <div class="frame inputs" tabindex="0" role="group" aria-label="Inputs of this neuron, scrolls"><table>
    <thead><tr></tr></thead>
    <tbody id="inputs"></tbody></table></div>
  <p id="inputs-note" class="note"></p>
</section>
<section class="card" aria-labelledby="error-title">
  <header><h2 id="error-title">What it expects</h2><p id="error-note" class="note"></p></header>
  <canvas id="error" class="world" role="img"></canvas>
</section>`;
