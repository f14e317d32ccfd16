/* Twin of Families/counter_loop.heddle; see unlocked_deposit.pml for its end. */
#ifndef N
#define N 2
#endif
#ifndef ROUNDS
#define ROUNDS 3
#endif

short count;
byte ended;

active [N] proctype counter() {
  short seen;
  byte round;
again:
  seen = count;
  if
  :: d_step { round < ROUNDS - 1; count = seen + 1; seen = 0; round++ } goto again
  :: d_step { round == ROUNDS - 1; count = seen + 1; seen = 0; round = 0; ended++ }
  fi;
end:
  false
}

active proctype final() {
  d_step { ended == N; assert(count > 0) }
end:
  false
}
