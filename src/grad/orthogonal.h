/* Orthogonal initial weights (Saxe, McClelland & Ganguli 2014). */
#ifndef HD_ORTHOGONAL_H
#define HD_ORTHOGONAL_H

/* Make a matrix of independent normal numbers orthonormal, times a gain: its columns, or its rows
 * where those are fewer. By Gram and Schmidt, twice over, in double precision; O(rows n min(rows,
 * n)).
 *
 *   w  [rows][n_pad], n columns used; read and written */
void hd__orthogonalise(float *w, int rows, int n, int n_pad, float gain);

#endif
