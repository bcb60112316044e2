/* The moon, the lander and its two legs as bodies of Box2D, for lunarlander.c. Lengths in m, times
 * in s, masses in kg; x to the right, y upwards, the left end of the moon at the origin. */
#ifndef HD_LANDER_WORLD_H
#define HD_LANDER_WORLD_H

#include <stdbool.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { HD_LANDER_POINTS = 11, HD_LANDER_ENGINES = 2 };

/* The geometry that both the world and the task need. */
#define HD_LANDER_SCALE 30.0 /* pixels per m */
#define HD_LANDER_WIDTH (600 / HD_LANDER_SCALE)
#define HD_LANDER_HEIGHT (400 / HD_LANDER_SCALE)
#define HD_LANDER_LEG_DOWN (18 / HD_LANDER_SCALE)

typedef struct hd__lander_world hd__lander_world;

/* An episode's beginning: heights of the ground at equal distances, and the force that throws the
 * lander in. */
typedef struct hd__lander_start {
  float height[HD_LANDER_POINTS];
  float force[2];
} hd__lander_start;

/* What an engine does to the lander in a step: an impulse at a point. Without an impulse it is off.
 */
typedef struct hd__lander_push {
  float impulse[2], at[2];
} hd__lander_push;

typedef struct hd__lander_move {
  hd__lander_push engine[HD_LANDER_ENGINES];
} hd__lander_move;

typedef struct hd__lander_motion {
  float x, y, vx, vy, angle, spin;
  bool leg[2]; /* has touched the ground last, rather than left it */
  bool has_crashed, is_asleep;
} hd__lander_motion;

/* An empty world, or NULL where memory is short. */
hd__lander_world *hd__lander_world_open(void);
void hd__lander_world_close(hd__lander_world *world);

/* Clear the world and build it anew. All numbers must be finite, here and below. */
void hd__lander_world_start(hd__lander_world *world, const hd__lander_start *start);

/* Fire the engines, and let a fiftieth of a second pass. */
void hd__lander_world_step(hd__lander_world *world, const hd__lander_move *move);

hd__lander_motion hd__lander_world_motion(const hd__lander_world *world);

#ifdef __cplusplus
}
#endif

#endif
