/* Raised-cosine basis over the taps of a memory kernel.
 *
 *   b_j(t) = (1 + cos(clip((y(t) - y_j) pi/(2 D), -pi, pi)))/2,  y(t) = ln(t + 1)
 *
 * with peaks y_j evenly spaced, D apart, from tap 0 to the last tap: fine resolution of the recent
 * past, coarse of the distant. Each function is normalised to sum 1, so that a weight on it is a
 * weight on the whole kernel. A single function falls from tap 0 to nothing at tap K.
 * Source: Pillow et al. 2008, Nature 454:995, methods. */
#ifndef HD_COSINE_BASIS_H
#define HD_COSINE_BASIS_H

/* Write n functions over K taps, 1 <= n <= K.  basis [n][K], most recent tap first. */
void hd__cosine_basis(int n, int K, float *basis);

#endif
