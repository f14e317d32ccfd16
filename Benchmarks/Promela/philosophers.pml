/* Twin of Families/philosophers_naive.heddle, and with -DORDERED of philosophers_ordered.heddle. */
#ifndef N
#define N 4
#endif

bit fork[N];

#define LEFT (_pid)
#define RIGHT ((_pid + 1) % N)
#ifdef ORDERED
#define FIRST (LEFT < RIGHT -> LEFT : RIGHT)
#define SECOND (LEFT < RIGHT -> RIGHT : LEFT)
#else
#define FIRST LEFT
#define SECOND RIGHT
#endif

active [N] proctype philosopher() {
  d_step { !fork[FIRST]; fork[FIRST] = 1 }
  d_step { !fork[SECOND]; fork[SECOND] = 1 }
  fork[SECOND] = 0;
  fork[FIRST] = 0;
end:
  false
}
