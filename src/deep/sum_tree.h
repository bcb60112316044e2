/* Numbers of which one is found by a position in their running sum: each in proportion to its size,
 * at the cost of a walk from the root to a leaf.
 *
 * Node k has the sum of nodes 2k and 2k + 1; number i is node n_leaves + i. Every sum is formed
 * anew from its two parts, so the tree is a function of the numbers, however they came about. */
#ifndef HD_SUM_TREE_H
#define HD_SUM_TREE_H

#include <stdbool.h>
#include <stdint.h>

typedef struct hd__sum_tree {
  int64_t n_leaves; /* a power of two */
  double *node;     /* [2 n_leaves], the first unused */
} hd__sum_tree;

/* Leaves of a tree of n numbers. */
int64_t hd__sum_tree_leaves(int64_t n);

static inline double hd__sum_tree_total(const hd__sum_tree *tree) { return tree->node[1]; }
static inline double hd__sum_tree_get(const hd__sum_tree *tree, int64_t i) {
  return tree->node[tree->n_leaves + i];
}

/* value >= 0. */
void hd__sum_tree_set(hd__sum_tree *tree, int64_t i, double value);

/* The number i in whose part of [0, total) `position` lies, parts in the order of i. A number that
 * is 0 is never found while another is not. */
int64_t hd__sum_tree_find(const hd__sum_tree *tree, double position);

/* Is every sum that of its parts, no number below 0, and none beyond the first n but 0? */
bool hd__sum_tree_is_consistent(const hd__sum_tree *tree, int64_t n);

#endif
