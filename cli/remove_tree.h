/* Remove a folder and what is in it; one that is not there is no failure. Links are not followed. */
#ifndef CLI_REMOVE_TREE_H
#define CLI_REMOVE_TREE_H

void remove_tree(const char *path);

#endif
