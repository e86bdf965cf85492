package suggest_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/msur/platform/rehearsal/simulation/suggest"
)

func TestNearest(t *testing.T) {
	t.Parallel()

	known := []string{"vpcId", "cidrBlock", "tags", "instanceTenancy"}

	for _, test := range []struct {
		name  string
		limit int
		want  []string
	}{
		{name: "cidrBlok", limit: 1, want: []string{"cidrBlock"}},
		{name: "tag", limit: 2, want: []string{"tags", "vpcId"}},
		{name: "", limit: 0, want: []string{}},
		{name: "vpcID", limit: 9, want: []string{"vpcId", "tags", "cidrBlock", "instanceTenancy"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			assert.Equal(t, test.want, suggest.Nearest(test.name, known, test.limit))
		})
	}

	assert.Equal(
		t, []string{"vpcId", "cidrBlock", "tags", "instanceTenancy"}, known, "the caller's list keeps its order",
	)
}
