package aws

import (
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"

	"github.com/msur/platform/rehearsal/simulation/catalogue"
)

func TestEveryMistakeInADeclarationIsReported(t *testing.T) {
	t.Parallel()

	declared := func(text string) fstest.MapFS { return fstest.MapFS{"types/box.yaml": {Data: []byte(text)}} }
	described := catalogue.AWS()

	for want, text := range map[string]string{
		"field titel not found": "box: {titel: Box}",
		"onDelete: got \"stay\", expected block, cascade or ignore": "box: {references: [" +
			"{property: id, onDelete: stay}]}",
		"type box: reference id: skip: error parsing regexp": "box: {references: [{property: id, skip: '('}]}",
		`type box: form "xml" of policy is unknown`:          "box: {forms: {policy: xml}}",
		"rules of box: nothing computes the output color":    "box: {outputs: {color: !computed }}",
		"rules of box: its declaration has no output weight": "box: {}",
		"rules of box: no file in types declares it":         "crate: {}",
	} {
		own := map[string]rules{"box": {outputs: makers{"weight": func(*call) any { return 1.0 }}}}
		_, err := declaredKinds(declared(text), described, nil, own)
		assert.ErrorContains(t, err, want)
	}
}
