#include "sum_tree.h"

int64_t hd__sum_tree_leaves(int64_t n) {
  int64_t leaves = 1;
  while (leaves < n) {
    leaves *= 2;
  }
  return leaves;
}

void hd__sum_tree_set(hd__sum_tree *tree, int64_t i, double value) {
  int64_t k = tree->n_leaves + i;
  tree->node[k] = value;
  for (k /= 2; k >= 1; k /= 2) {
    tree->node[k] = tree->node[2 * k] + tree->node[2 * k + 1];
  }
}

int64_t hd__sum_tree_find(const hd__sum_tree *tree, double position) {
  int64_t k = 1;
  while (k < tree->n_leaves) {
    const double left = tree->node[2 * k], right = tree->node[2 * k + 1];
    const int is_left = position < left || right == 0.0; /* rounding may lead past the end */
    position -= is_left ? 0.0 : left;
    k = 2 * k + !is_left;
  }
  return k - tree->n_leaves;
}

bool hd__sum_tree_is_consistent(const hd__sum_tree *tree, int64_t n) {
  bool is_consistent = true;
  for (int64_t i = 0; i < tree->n_leaves; i++) {
    const double value = hd__sum_tree_get(tree, i);
    is_consistent = is_consistent && (i < n ? value >= 0.0 : value == 0.0);
  }
  for (int64_t k = 1; k < tree->n_leaves; k++) {
    is_consistent = is_consistent && tree->node[k] == tree->node[2 * k] + tree->node[2 * k + 1];
  }
  return is_consistent;
}
