// Shapes, masses and joints as in Gymnasium 1.4.0, envs/box2d/lunar_lander.py. The only file in
// C++, since Box2D is.
#include "lander_world.h"

#include <new>

#include <box2d/b2_contact.h>
#include <box2d/b2_edge_shape.h>
#include <box2d/b2_fixture.h>
#include <box2d/b2_polygon_shape.h>
#include <box2d/b2_revolute_joint.h>
#include <box2d/b2_world.h>

namespace {

const b2Vec2 gravity(0.0f, -10.0f);
const double lander_outline[][2] = {{-14, 17}, {-17, 0}, {-17, -10}, {17, -10}, {17, 0}, {14, 17}};
const double leg_away = 20, leg_width = 2, leg_height = 8;
enum { GROUND = 0x1, LANDER = 0x10, LEG = 0x20 };

float metres(double pixels) { return static_cast<float>(pixels / HD_LANDER_SCALE); }

}  // namespace

struct hd__lander_world final : b2ContactListener {
  // Box2D keeps a world's own 100 kB inside of it, so rebuilding one in its place allocates little.
  alignas(b2World) unsigned char room[sizeof(b2World)];
  b2World *world = nullptr;
  b2Body *lander = nullptr;
  b2Body *leg[2] = {nullptr, nullptr};
  bool touches[2] = {false, false};
  bool has_crashed = false;

  ~hd__lander_world() override { clear(); }

  void clear() {
    if (world != nullptr) {
      world->SetContactListener(nullptr);
      world->~b2World();
      world = nullptr;
    }
  }

  bool has(b2Contact *contact, const b2Body *body) const {
    return contact->GetFixtureA()->GetBody() == body || contact->GetFixtureB()->GetBody() == body;
  }

  void BeginContact(b2Contact *contact) override {
    has_crashed = has_crashed || has(contact, lander);
    for (int i = 0; i < 2; i++) {
      touches[i] = touches[i] || has(contact, leg[i]);
    }
  }

  // A leg that leaves one of two edges counts as in the air, as it does in Gymnasium.
  void EndContact(b2Contact *contact) override {
    for (int i = 0; i < 2; i++) {
      touches[i] = touches[i] && !has(contact, leg[i]);
    }
  }

  void add_edge(b2Body *moon, b2Vec2 from, b2Vec2 to, float friction) {
    b2EdgeShape edge;
    edge.SetTwoSided(from, to);
    b2FixtureDef def;
    def.shape = &edge;
    def.friction = friction;
    moon->CreateFixture(&def);
  }

  void add_moon(const float *height) {
    const b2BodyDef still;
    b2Body *moon = world->CreateBody(&still);
    add_edge(moon, b2Vec2(0, 0), b2Vec2(static_cast<float>(HD_LANDER_WIDTH), 0), 0.2f);
    const double apart = HD_LANDER_WIDTH / (HD_LANDER_POINTS - 1);
    for (int i = 0; i + 1 < HD_LANDER_POINTS; i++) {
      add_edge(moon, b2Vec2(static_cast<float>(apart * i), height[i]),
               b2Vec2(static_cast<float>(apart * (i + 1)), height[i + 1]), 0.1f);
    }
  }

  b2Body *add_body(double x, double angle, const b2PolygonShape &shape, float density,
                   float friction, uint16 category) {
    b2BodyDef def;
    def.type = b2_dynamicBody;
    def.position.Set(static_cast<float>(x), static_cast<float>(HD_LANDER_HEIGHT));
    def.angle = static_cast<float>(angle);
    b2Body *body = world->CreateBody(&def);
    b2FixtureDef fixture;
    fixture.shape = &shape;
    fixture.density = density;
    fixture.friction = friction;
    fixture.filter.categoryBits = category;
    fixture.filter.maskBits = GROUND;
    body->CreateFixture(&fixture);
    return body;
  }

  void add_lander() {
    b2Vec2 corner[6];
    for (int i = 0; i < 6; i++) {
      corner[i].Set(metres(lander_outline[i][0]), metres(lander_outline[i][1]));
    }
    b2PolygonShape shape;
    shape.Set(corner, 6);
    lander = add_body(HD_LANDER_WIDTH / 2, 0, shape, 5.0f, 0.1f, LANDER);
  }

  // A leg hangs on a motor that presses it outwards, against the limit of its joint.
  void add_leg(int i, int side) {
    b2PolygonShape shape;
    shape.SetAsBox(metres(leg_width), metres(leg_height));
    leg[i] = add_body(HD_LANDER_WIDTH / 2 - side * leg_away / HD_LANDER_SCALE, side * 0.05, shape,
                      1.0f, 0.2f, LEG);
    b2RevoluteJointDef joint;
    joint.bodyA = lander;
    joint.bodyB = leg[i];
    joint.localAnchorB.Set(metres(side * leg_away), static_cast<float>(HD_LANDER_LEG_DOWN));
    joint.enableMotor = true;
    joint.enableLimit = true;
    joint.maxMotorTorque = 40.0f;
    joint.motorSpeed = static_cast<float>(0.3 * side);
    joint.lowerAngle = static_cast<float>(side < 0 ? 0.9 - 0.5 : -0.9);
    joint.upperAngle = static_cast<float>(side < 0 ? 0.9 : -0.9 + 0.5);
    world->CreateJoint(&joint);
  }

  void start(const hd__lander_start *from) {
    clear();
    world = new (room) b2World(gravity);
    touches[0] = touches[1] = has_crashed = false;
    world->SetContactListener(this);
    add_moon(from->height);
    add_lander();
    lander->ApplyForceToCenter(b2Vec2(from->force[0], from->force[1]), true);
    add_leg(0, -1);
    add_leg(1, 1);
  }

  void step(const hd__lander_move *move) {
    for (const hd__lander_push &push : move->engine) {
      if (push.impulse[0] != 0 || push.impulse[1] != 0) {
        lander->ApplyLinearImpulse(b2Vec2(push.impulse[0], push.impulse[1]),
                                   b2Vec2(push.at[0], push.at[1]), true);
      }
    }
    world->Step(0.02f, 180, 60);
  }
};

// Box2D fills a table shared by all worlds when two bodies first meet, without a lock: a lander on
// the ground, once, before any thread has a world of its own.
static bool meet_once() {
  hd__lander_world *world = new (std::nothrow) hd__lander_world;
  if (world == nullptr) {
    return false;
  }
  hd__lander_start start = {};
  for (float &height : start.height) {
    height = static_cast<float>(HD_LANDER_HEIGHT);
  }
  world->start(&start);
  world->world->Step(0.02f, 1, 1);
  delete world;
  return true;
}

hd__lander_world *hd__lander_world_open() {
  static const bool has_met = meet_once();
  return has_met ? new (std::nothrow) hd__lander_world : nullptr;
}

void hd__lander_world_close(hd__lander_world *world) { delete world; }

void hd__lander_world_start(hd__lander_world *world, const hd__lander_start *start) {
  world->start(start);
}

void hd__lander_world_step(hd__lander_world *world, const hd__lander_move *move) {
  world->step(move);
}

hd__lander_motion hd__lander_world_motion(const hd__lander_world *world) {
  const b2Body *lander = world->lander;
  const b2Vec2 position = lander->GetPosition(), velocity = lander->GetLinearVelocity();
  hd__lander_motion motion = {};
  motion.x = position.x;
  motion.y = position.y;
  motion.vx = velocity.x;
  motion.vy = velocity.y;
  motion.angle = lander->GetAngle();
  motion.spin = lander->GetAngularVelocity();
  motion.leg[0] = world->touches[0];
  motion.leg[1] = world->touches[1];
  motion.has_crashed = world->has_crashed;
  motion.is_asleep = !lander->IsAwake();
  return motion;
}
