/* Twin of Families/bounded_buffer_one.heddle, and with -DTWO of bounded_buffer_two.heddle; see unlocked_deposit.pml
   for its end. A condition is the set of those that wait; `notify` takes any one out of it, and who is out of it goes on
   as soon as the lock is free. At most 12 processes. */
#ifndef PRODUCERS
#define PRODUCERS 2
#endif
#ifndef CONSUMERS
#define CONSUMERS 2
#endif
#ifndef ROUNDS
#define ROUNDS 1
#endif
#ifndef CAPACITY
#define CAPACITY 1
#endif
#define ALL (PRODUCERS + CONSUMERS)
#ifdef TWO
#define HAS_ROOM 0
#define HAS_ITEMS 1
#define CONDITIONS 2
#else
#define HAS_ROOM 0
#define HAS_ITEMS 0
#define CONDITIONS 1
#endif

bit mutex;
byte count;
byte ended;
short waiting[CONDITIONS];

#define IS_IN(set, process) ((waiting[set] >> process) & 1)
#define WAKE(set, process) \
  :: d_step { IS_IN(set, process); waiting[set] = waiting[set] & ~(1 << process) }
#define NOTIFY(set) \
  if \
  :: waiting[set] == 0 \
  WAKE(set, 0) WAKE(set, 1) WAKE(set, 2) WAKE(set, 3) WAKE(set, 4) WAKE(set, 5) \
  WAKE(set, 6) WAKE(set, 7) WAKE(set, 8) WAKE(set, 9) WAKE(set, 10) WAKE(set, 11) \
  fi

#define WORK(blocked, own, other, change) \
again: \
  if \
  :: d_step { !mutex; mutex = 1 } \
  fi; \
  do \
  :: blocked -> \
     d_step { waiting[own] = waiting[own] | (1 << _pid); mutex = 0 } \
     d_step { !IS_IN(own, _pid) && !mutex; mutex = 1 } \
  :: !(blocked) -> break \
  od; \
  seen = count; \
  d_step { count = seen + change; seen = 0 } \
  NOTIFY(other); \
  if \
  :: d_step { round < ROUNDS - 1; mutex = 0; round++ } goto again \
  :: d_step { round == ROUNDS - 1; mutex = 0; round = 0; ended++ } \
  fi

active [PRODUCERS] proctype producer() {
  byte seen, round;
  WORK(count == CAPACITY, HAS_ROOM, HAS_ITEMS, 1);
end:
  false
}

active [CONSUMERS] proctype consumer() {
  byte seen, round;
  WORK(count == 0, HAS_ITEMS, HAS_ROOM, -1);
end:
  false
}

active proctype final() {
  d_step { ended == ALL; assert(count == ROUNDS * (PRODUCERS - CONSUMERS)) }
end:
  false
}
