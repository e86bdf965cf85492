package api_test

import (
	"testing"

	"github.com/msur/platform/apps/chassis/contracttest"
)

func TestTheGeneratedCodeIsUpToDate(t *testing.T) {
	t.Parallel()

	contracttest.Generated(t, "../../api/openapi.yaml")
}
