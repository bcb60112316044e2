/* A distribution over boolean connections: connection k exists with probability rho_k, and its
 * weight is then fixed in size and sign. What is searched for is rho. What a method of this kind
 * remembers begins with a hd__connectivity. */
#ifndef HD_CONNECTIVITY_H
#define HD_CONNECTIVITY_H

#include "search.h"

typedef struct hd__connectivity {
  float *rho;    /* [n_pad] */
  float *weight; /* [n_pad] of a connection that exists; 0 in padding */
  float *theta;  /* [n_pad] 1 where it does */
  float *G;      /* [n_pad] */
  float *rank;   /* [n_candidates] */
} hd__connectivity;

void hd__connectivity_lay_out(hd__search *search, hd__arena *arena, hd__connectivity *self);
void hd__connectivity_start(hd__search *search, hd__connectivity *self);

/* The connections of a candidate: theta [n_pad] of 0 and 1. */
void hd__connectivity_sample(const hd__search *search, const hd__connectivity *self, int candidate,
                             float *theta);

/* Their weights. */
void hd__connectivity_ask(const hd__search *search, int candidate, float *w);

/* G += f (theta - rho): with the mean of f over draws of theta this is rho (1 - rho) dE[f]/drho,
 * the gradient times the inverse of the Fisher information.  Source: Wang et al. 2023, eq. 8. */
void hd__connectivity_add(int n, float f, const float *theta, const float *rho, float *G);

/* G = the sum of rank (theta - rho) over candidates first, first + stride, ... */
void hd__connectivity_gradient(const hd__search *search, const hd__connectivity *self, int first,
                               int stride, float *G);

/* Keep rho from the ends, and stand where connections are likelier than not. */
void hd__connectivity_set_mode(hd__search *search, const hd__connectivity *self);

#endif
