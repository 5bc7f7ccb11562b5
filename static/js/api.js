// Shows the interface's description; nothing is fetched from anywhere else.
const place = document.getElementById("api");
SwaggerUIBundle({ domNode: place, url: place.dataset.document, validatorUrl: null, supportedSubmitMethods: [] });
