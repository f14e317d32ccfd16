/* Twin of Families/filter.heddle, for at least two processes; see unlocked_deposit.pml for its end. */
#ifndef N
#define N 3
#endif

byte level[N];
byte last[N];
byte counter;
byte ended;

#define FIRST (_pid == 0 -> 1 : 0)
#define NEXT (other + 1 == _pid -> other + 2 : other + 1)
/* Goes on to the next of the others, then to the next level, then inside. */
#define ADVANCE_IF(condition) \
  :: d_step { condition && NEXT < N; other = NEXT } goto look \
  :: d_step { condition && NEXT >= N && stage < N - 1; stage++; other = 0 } goto climb \
  :: d_step { condition && NEXT >= N && stage == N - 1; stage = 0; other = 0 } goto critical

active [N] proctype peer() {
  byte stage = 1;
  byte other, seen;
climb:
  level[_pid] = stage;
  d_step { last[stage] = _pid; other = FIRST }
look:
  if
  :: level[other] >= stage
  ADVANCE_IF(level[other] < stage)
  fi;
  if
  :: last[stage] == _pid -> goto look
  ADVANCE_IF(last[stage] != _pid)
  fi;
critical:
  seen = counter;
  d_step { counter = seen + 1; seen = 0 }
  d_step { level[_pid] = 0; ended++ }
end:
  false
}

active proctype final() {
  d_step { ended == N; assert(counter == N) }
end:
  false
}
