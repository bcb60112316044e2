/* Synapses as agents. A spike that arrives is passed on with probability p = sigma(q + c); the
 * drive is the sum of the strengths of those that released. c is 0 when a decision starts and
 * follows the spikes s of the source, c <- keep c + facilitation s. Only arriving spikes ask for a
 * decision, and the score of what was decided, d log P / dq = sum over arriving spikes of (1 - p on
 * a release, -p on a failure), is the synapse's whole eligibility: all that is random lies in the
 * releases. Source: Seung 2003, Neuron 40:1063; Williams 1992. */
#include <string.h>

#include "net.h"

/* What the synapses of one row see at substep t: the sources, own neurons, the bias. */
static void release_see(const hd__net *net, const hd__layer *layer, const float *below, int row,
                        int t, float *x) {
  const hd__wiring *w = &layer->in;
  memcpy(x, below, sizeof(float) * (size_t)w->n_source);
  if (w->n_own > 0) {
    const float *own =
        t > layer->onset ? layer->y + hd__at(net, layer, t - 1) + row * layer->n_pad : NULL;
    for (int i = 0; i < w->n_own; i++) {
      x[w->n_source + i] = own != NULL ? own[i] : 0.0f;
    }
  }
  if (net->def.has_bias) {
    x[w->n_x - 1] = 1.0f;
  }
}

void hd__net_release(hd__net *net, hd__layer *layer, const float *below, int pad, int t,
                     hd__part *part) {
  const hd__wiring *w = &layer->in;
  const int n = layer->n_pad;
  const float *q = net->weights + w->at;
  float *x = net->features;
  for (int row = 0; row < net->rows; row++) {
    float *c = layer->c + row * w->x_stride;
    float *e = part->e + (size_t)row * w->n_weights;
    float *drive = layer->drive + hd__at(net, layer, t - layer->onset) + row * n;
    if (t == layer->onset) {
      memset(c, 0, sizeof(float) * (size_t)w->x_stride);
      memset(e, 0, sizeof(float) * w->n_weights);
    }
    memset(drive, 0, sizeof(float) * (size_t)n);
    release_see(net, layer, below + row * pad, row, t, x);
    for (int i = 0; i < w->n_x; i++) {
      const bool is_spike = x[i] > 0.0f;
      const size_t at = (size_t)i * (size_t)n;
      if (is_spike) {
        net->kernel->release(n, net->key[row], layer->release_at + (uint32_t)((t * w->n_x + i) * n),
                             c[i], q + at, layer->strength + at, layer->live, drive, e + at);
      }
      c[i] = net->keep_c * c[i] + (is_spike ? net->def.facilitation : 0.0f);
    }
  }
}
