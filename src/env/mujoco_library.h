/* MuJoCo, loaded when the first robot is made: programs without robots need not have it, nor wait
 * until its symbols are found. Its functions are called by their names, once hd__mujoco_open has
 * found them. */
#ifndef HD_MUJOCO_LIBRARY_H
#define HD_MUJOCO_LIBRARY_H

#include <mujoco/mujoco.h>

#include "hedon/env.h"

/* MuJoCo reports what it cannot go on with to a handler, and ends the process if there is none or
 * if it returns. It has a handler for each thread, which its Python bindings use as we do here:
 * the process-wide one belongs to the program. */
typedef void (*hd__mujoco_handler)(const char *message);
hd__mujoco_handler _mjPRIVATE__get_tls_error_fn(void);
hd__mujoco_handler _mjPRIVATE__get_tls_warning_fn(void);
void _mjPRIVATE__set_tls_error_fn(hd__mujoco_handler on_error);
void _mjPRIVATE__set_tls_warning_fn(hd__mujoco_handler on_warning);

#define HD_MUJOCO(F)                                                                      \
  F(mj_deleteData)                                                                        \
  F(mj_deleteModel) F(mj_forward) F(mj_loadXML) F(mj_makeData) F(mj_resetData) F(mj_step) \
      F(mj_version) F(_mjPRIVATE__get_tls_error_fn) F(_mjPRIVATE__get_tls_warning_fn)     \
          F(_mjPRIVATE__set_tls_error_fn) F(_mjPRIVATE__set_tls_warning_fn)

#define HD_MUJOCO_MEMBER(name) __typeof__(&name) name;
typedef struct hd__mujoco_functions {
  HD_MUJOCO(HD_MUJOCO_MEMBER)
} hd__mujoco_functions;
extern hd__mujoco_functions hd__mujoco;

/* Load the library, if that was not done; any thread may.  Errors  IO, and says why. */
hd_status hd__mujoco_open(char why[HD_WHY_SIZE]);

#define mj_deleteData hd__mujoco.mj_deleteData
#define mj_deleteModel hd__mujoco.mj_deleteModel
#define mj_forward hd__mujoco.mj_forward
#define mj_loadXML hd__mujoco.mj_loadXML
#define mj_makeData hd__mujoco.mj_makeData
#define mj_resetData hd__mujoco.mj_resetData
#define mj_step hd__mujoco.mj_step
#define mj_version hd__mujoco.mj_version
#define _mjPRIVATE__get_tls_error_fn hd__mujoco._mjPRIVATE__get_tls_error_fn
#define _mjPRIVATE__get_tls_warning_fn hd__mujoco._mjPRIVATE__get_tls_warning_fn
#define _mjPRIVATE__set_tls_error_fn hd__mujoco._mjPRIVATE__set_tls_error_fn
#define _mjPRIVATE__set_tls_warning_fn hd__mujoco._mjPRIVATE__set_tls_warning_fn

#endif
