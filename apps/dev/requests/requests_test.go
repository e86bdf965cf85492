package requests_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/apps/dev/requests"
)

// curl returns the commands for a document with the paths. Only /shop is routed.
func curl(t *testing.T, paths string) ([]string, error) {
	t.Helper()

	file := filepath.Join(t.TempDir(), "openapi.yaml")
	text := "openapi: 3.0.3\ninfo: {title: shop, version: 1.0.0}\npaths:\n" + paths
	require.NoError(t, os.WriteFile(file, []byte(text), 0o600))

	return requests.Curl(file, "http://here", []string{"/shop"})
}

const responses = "responses: {'200': {description: done}}"

func TestEachOperationHasACommand(t *testing.T) {
	t.Parallel()

	for name, test := range map[string]struct {
		paths string
		want  []string
	}{
		"one operation": {
			"  /shop: {get: {" + responses + "}}\n", []string{"curl 'http://here/shop'"},
		},
		"DELETE comes last": {
			"  /shop: {delete: {" + responses + "}, get: {" + responses + "}, put: {" + responses + "}}\n",
			[]string{"curl -X PUT 'http://here/shop'", "curl 'http://here/shop'", "curl -X DELETE 'http://here/shop'"},
		},
		"only routed paths": {
			"  /shop/a: {get: {" + responses + "}}\n  /shops: {get: {" + responses + "}}\n  /ping: {get: {" + responses + "}}\n",
			[]string{"curl 'http://here/shop/a'"},
		},
		"parameters": {
			"  /shop/{id}:\n    get:\n      " + responses + "\n      parameters:\n" +
				"        - {name: id, in: path, required: true, example: a b/c, schema: {type: string}}\n" +
				"        - {name: at, in: query, example: '13:20&x', schema: {type: string}}\n" +
				"        - {name: to, in: query, example: b, schema: {type: string}}\n" +
				"        - {name: any, in: query, schema: {type: string}}\n" +
				"        - {name: X-Who, in: header, example: it's me, schema: {type: string}}\n",
			[]string{`curl -H 'X-Who: it'\''s me' 'http://here/shop/a%20b%2Fc?at=13:20%26x&to=b'`},
		},
		"a body": {
			"  /shop:\n    post:\n      " + responses + "\n      requestBody:\n        content:\n" +
				"          application/json: {example: {seat: \"it's 12B\"}, schema: {type: object}}\n",
			[]string{`curl -X POST -H 'Content-Type: application/json' -d '{"seat":"it'\''s 12B"}' 'http://here/shop'`},
		},
		"none without an example": {
			"  /shop:\n    get:\n      " + responses + "\n      parameters:\n" +
				"        - {name: id, in: query, required: true, schema: {type: string}}\n" +
				"    post:\n      " + responses + "\n      requestBody:\n        content:\n" +
				"          application/json: {schema: {type: object}}\n",
			nil,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			got, err := curl(t, test.paths)
			require.NoError(t, err)
			assert.Equal(t, test.want, got)
		})
	}
}

func TestAnInvalidDocumentIsAnError(t *testing.T) {
	t.Parallel()

	_, err := curl(t, "  [")
	require.ErrorContains(t, err, "reading the API")
}
