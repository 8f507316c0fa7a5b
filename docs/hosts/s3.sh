#!/bin/sh
# For Amazon S3, or a store that speaks its language: upload a published site so that no page names what is not there.
#
#     sh s3.sh public s3://BUCKET[/PREFIX] [--profile NAME ...]
#
# First the parts of the search index, whose content is their name; then all but pages; then pages; at last, what is no
# more goes. The bucket needs index.html as its index document and 404.html as its error document. A bucket sends no
# Content-Security-Policy: the pages carry their own; behind CloudFront, a response headers policy can say it too.
set -eu

site=${1%/}/
bucket=$2
shift 2
test -f "${site}index.html"

aws s3 sync "$site" "$bucket" "$@" --exclude '*' --include 'search/?-*.bin' \
    --cache-control 'public, max-age=31536000, immutable'
aws s3 sync "$site" "$bucket" "$@" --exclude 'search/?-*.bin' --exclude '*.html' --exclude '.*' \
    --cache-control 'no-cache'
aws s3 sync "$site" "$bucket" "$@" --exclude '*' --include '*.html' \
    --cache-control 'no-cache' --content-type 'text/html; charset=utf-8'
aws s3 sync "$site" "$bucket" "$@" --exclude '.*' --delete --size-only
