package health

import (
	"context"
	"time"
)

// cached is a check with its last outcome. Callers who come while it runs wait for it, and get the same answer.
type cached struct {
	check Check
	// turn holds one token: whoever puts it there may read and write what follows.
	turn  chan struct{}
	last  Detail
	until time.Time
}

// detail is the outcome of the check, at most so old as Fresh. The check outlives a caller who leaves: others share it.
func (c *cached) detail(ctx context.Context, h *Health) Detail {
	c.turn <- struct{}{}

	defer func() { <-c.turn }()

	if start := h.now(); !start.Before(c.until) {
		c.last = c.run(context.WithoutCancel(ctx), h, start)
		c.until = h.now().Add(Fresh)
	}

	return c.last
}

func (c *cached) run(ctx context.Context, h *Health, start time.Time) Detail {
	ctx, cancel := context.WithTimeout(ctx, Deadline)
	defer cancel()

	detail := Detail{Status: pass, MetricUnit: "ms", Time: start.UTC().Format(time.RFC3339Nano)}

	if err := c.check.Ask(ctx); err != nil {
		h.log.ErrorContext(ctx, "a check failed", "check", c.check.Name, "error", err)

		detail.Status = fail
	}

	detail.MetricValue = h.now().Sub(start).Milliseconds()

	return detail
}
